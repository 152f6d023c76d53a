module example.com/oapi-codegen

go 1.26

require github.com/oapi-codegen/runtime v1.5.0
