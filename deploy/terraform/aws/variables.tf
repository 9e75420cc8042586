variable "region" {
  description = "AWS region."
  type        = string
}

variable "name" {
  description = "Prefix of everything that is made."
  type        = string
  default     = "regulars"

  validation {
    # ElastiCache refuses a hyphen at the end, and two side by side.
    condition     = can(regex("^[a-z][a-z0-9-]{0,23}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "2 to 25 small letters, digits and single hyphens, with a letter first and no hyphen last."
  }
}

variable "vpc_id" {
  description = "VPC that everything lives in."
  type        = string
}

variable "private_subnet_ids" {
  description = "Private subnets in three zones: a broker and a node in each."
  type        = list(string)

  validation {
    condition     = length(var.private_subnet_ids) >= 3
    error_message = "Three zones, so that one may fail."
  }
}

variable "kafka_instance_type" {
  description = "Size of a broker; docs/scaling.md says what carries how much."
  type        = string
  default     = "kafka.m7g.large"
}

variable "kafka_volume_gib" {
  description = "First size of a broker's volume; it grows by itself up to four times that."
  type        = number
  default     = 500
}

variable "redis_node_type" {
  description = "Size of a Redis node: about 2 KiB a member."
  type        = string
  default     = "cache.r7g.large"
}

variable "node_instance_types" {
  description = "Machines of the cluster."
  type        = list(string)
  default     = ["m7g.xlarge"]
}

variable "nodes" {
  description = "How many machines at least, at most."
  type        = object({ min = number, max = number })
  default     = { min = 3, max = 9 }

  validation {
    condition     = var.nodes.min >= 1 && var.nodes.min <= var.nodes.max
    error_message = "At least one, and no fewer at most than at least."
  }
}

variable "kubernetes_version" {
  description = "Version of EKS."
  type        = string
  default     = "1.33"
}

variable "api_cidrs" {
  description = "Networks that may reach the cluster's own API; empty keeps it private."
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of everything."
  type        = map(string)
  default     = {}
}
