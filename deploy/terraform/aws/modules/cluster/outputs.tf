output "name" {
  description = "Name of the cluster."
  value       = aws_eks_cluster.this.name
}

output "node_security_group_id" {
  description = "Security group that pods connect from."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}
