FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /vsee-mock ./cmd/vsee-mock

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title="vsee-mock" \
      org.opencontainers.image.description="A mock of VSee Clinic's api_v3 for integrators. It is not VSee's." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.authors="the vsee-mock authors" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY LICENSE /LICENSE
COPY --from=build /vsee-mock /vsee-mock
USER 65532:65532
ENV VSEE_MOCK_LISTEN=:8080
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=1s CMD ["/vsee-mock", "healthcheck"]
ENTRYPOINT ["/vsee-mock"]
