# Kafka (MSK), Redis (ElastiCache for Valkey) and Kubernetes (EKS) for Regulars, encrypted
# at rest and on the way. ClickHouse: docs/clouds.md.

data "aws_caller_identity" "current" {}

resource "aws_kms_key" "this" {
  description             = "Everything of ${var.name} at rest"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

module "cluster" {
  source = "./modules/cluster"

  name               = var.name
  kubernetes_version = var.kubernetes_version
  subnet_ids         = var.private_subnet_ids
  instance_types     = var.node_instance_types
  nodes              = var.nodes
  api_cidrs          = var.api_cidrs
  kms_key_arn        = aws_kms_key.this.arn
}

module "kafka" {
  source = "./modules/kafka"

  name                      = var.name
  vpc_id                    = var.vpc_id
  subnet_ids                = slice(var.private_subnet_ids, 0, 3)
  client_security_group_ids = [module.cluster.node_security_group_id]
  instance_type             = var.kafka_instance_type
  volume_gib                = var.kafka_volume_gib
  kms_key_arn               = aws_kms_key.this.arn
}

module "redis" {
  source = "./modules/redis"

  name                      = var.name
  vpc_id                    = var.vpc_id
  subnet_ids                = var.private_subnet_ids
  client_security_group_ids = [module.cluster.node_security_group_id]
  node_type                 = var.redis_node_type
  kms_key_arn               = aws_kms_key.this.arn
}
