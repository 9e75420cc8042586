# A plan without an account: what AWS and random would answer is made up here.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mock"
    }
  }

  mock_resource "aws_kms_key" {
    defaults = {
      arn = "arn:aws:kms:eu-central-1:123456789012:key/mock"
    }
  }

  mock_resource "aws_launch_template" {
    defaults = {
      id = "lt-0123456789abcdef0"
    }
  }

  mock_resource "aws_msk_configuration" {
    defaults = {
      arn = "arn:aws:kafka:eu-central-1:123456789012:configuration/mock"
    }
  }
}

mock_provider "random" {
  mock_resource "random_password" {
    defaults = {
      result = "made-up-for-the-plan"
    }
  }
}

variables {
  region             = "eu-central-1"
  vpc_id             = "vpc-0"
  private_subnet_ids = ["subnet-a", "subnet-b", "subnet-c", "subnet-d"]
}

run "the_defaults_can_be_planned" {
  command = plan

  assert {
    condition     = output.helm_settings.REPLICATION == "3"
    error_message = "Three brokers carry three copies of each topic."
  }
}

run "an_api_that_some_networks_reach_can_be_planned" {
  command = plan

  variables {
    api_cidrs = ["192.0.2.0/24"]
  }
}

run "the_longest_name_can_be_planned" {
  command = plan

  variables {
    name = "a-chain-with-a-long-name1"
  }
}

run "two_zones_are_refused" {
  command = plan

  variables {
    private_subnet_ids = ["subnet-a", "subnet-b"]
  }

  expect_failures = [var.private_subnet_ids]
}

run "a_capital_in_the_name_is_refused" {
  command = plan

  variables {
    name = "Regulars"
  }

  expect_failures = [var.name]
}

run "a_hyphen_at_the_end_of_the_name_is_refused" {
  command = plan

  variables {
    name = "regulars-"
  }

  expect_failures = [var.name]
}

run "two_hyphens_side_by_side_are_refused" {
  command = plan

  variables {
    name = "regulars--shop"
  }

  expect_failures = [var.name]
}

run "fewer_nodes_at_most_than_at_least_are_refused" {
  command = plan

  variables {
    nodes = { min = 4, max = 3 }
  }

  expect_failures = [var.nodes]
}
