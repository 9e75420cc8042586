output "secret_arn" {
  description = "Secret that holds REGULARS_REDIS_URL."
  value       = aws_secretsmanager_secret.this.arn
}
