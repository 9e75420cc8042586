variable "name" {
  description = "Name of the replication group."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the nodes."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the nodes."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "Whose connections are taken."
  type        = list(string)
}

variable "node_type" {
  description = "Size of a node."
  type        = string
}

variable "kms_key_arn" {
  description = "Key for what is at rest."
  type        = string
}
