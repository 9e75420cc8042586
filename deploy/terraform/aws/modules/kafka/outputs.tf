output "bootstrap_servers" {
  description = "Brokers, over TLS: without a scheme they would be spoken to in the clear."
  value       = "ssl://${aws_msk_cluster.this.bootstrap_brokers_tls}"
}
