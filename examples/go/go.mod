module example.com/provisioning/cucmock

go 1.19
