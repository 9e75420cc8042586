output "bootstrap_servers" {
  description = "Brokers, over TLS."
  value       = aws_msk_cluster.this.bootstrap_brokers_tls
}
