variable "name" {
  description = "Name of the cluster."
  type        = string
}

variable "kubernetes_version" {
  description = "Version of Kubernetes."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the nodes."
  type        = list(string)
}

variable "instance_types" {
  description = "Machines; arm64, for which the image must be built."
  type        = list(string)
}

variable "nodes" {
  description = "How many machines at least, at most."
  type        = object({ min = number, max = number })
}

variable "api_cidrs" {
  description = "Networks that may reach the cluster's own API."
  type        = list(string)
}

variable "kms_key_arn" {
  description = "Key for Kubernetes' secrets."
  type        = string
}
