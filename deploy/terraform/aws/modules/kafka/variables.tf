variable "name" {
  description = "Name of the brokers' cluster."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the brokers."
  type        = string
}

variable "subnet_ids" {
  description = "A subnet for each broker."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "Whose connections are taken."
  type        = list(string)
}

variable "kafka_version" {
  description = "Version of Kafka; 3.8 and 4 both do."
  type        = string
  default     = "3.8.x"
}

variable "instance_type" {
  description = "Size of a broker."
  type        = string
}

variable "volume_gib" {
  description = "First size of a broker's volume."
  type        = number
}

variable "kms_key_arn" {
  description = "Key for what is at rest."
  type        = string
}
