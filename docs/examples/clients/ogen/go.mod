module example.com/ogen

go 1.26

require github.com/ogen-go/ogen v1.25.0
