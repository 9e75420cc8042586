# Balances as the API reads them: all of it can be made anew from Kafka, but a replica is
# cheaper than the minutes that this takes.

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-redis-"
  description = "Redis of ${var.name}"
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = { for index, id in var.client_security_group_ids : tostring(index) => id }

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value
  description                  = "TLS from the sink and the API"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_elasticache_parameter_group" "this" {
  name   = "${var.name}-valkey8"
  family = "valkey8"

  # A balance that is evicted would look like a member who does not exist.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

# It is in the state, too: another reason to encrypt that.
resource "random_password" "this" {
  length  = 48
  special = false
}

resource "aws_secretsmanager_secret" "this" {
  name       = "${var.name}/redis"
  kms_key_id = var.kms_key_arn
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id = aws_secretsmanager_secret.this.id

  secret_string = jsonencode({
    REGULARS_REDIS_URL = "rediss://:${random_password.this.result}@${aws_elasticache_replication_group.this.primary_endpoint_address}:6379/0"
  })
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = "Members' views of ${var.name}"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = var.node_type
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  parameter_group_name       = aws_elasticache_parameter_group.this.name
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = random_password.this.result
  kms_key_id                 = var.kms_key_arn
  snapshot_retention_limit   = 3
  apply_immediately          = false
}
