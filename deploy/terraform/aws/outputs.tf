output "helm_settings" {
  description = "For `settings` of the chart's values."
  value = {
    KAFKA_BOOTSTRAP_SERVERS = module.kafka.bootstrap_servers
    REPLICATION             = "3"
  }
}

output "redis_secret_arn" {
  description = "Secret with REGULARS_REDIS_URL, which holds a password: for the chart's `settingsSecret`, with \"\" as `settings.REDIS_URL`."
  value       = module.redis.secret_arn
}

output "cluster_name" {
  description = "For `aws eks update-kubeconfig`."
  value       = module.cluster.name
}

output "account_id" {
  description = "Account that all of it is in."
  value       = data.aws_caller_identity.current.account_id
}
