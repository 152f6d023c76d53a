# syntax=docker/dockerfile:1
# For another platform: docker build --platform linux/arm64. The compiler runs on this one.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH VERSION=dev
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/vsee-mock ./cmd/vsee-mock && \
    ln -s vsee-mock /out/vsee-contract

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY LICENSE /LICENSE
COPY --from=build /out/ /
USER 65532:65532
ENV VSEE_MOCK_LISTEN=:8080 VSEE_MOCK_LISTEN_TLS=:8443
EXPOSE 8080 8443
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --start-interval=250ms CMD ["/vsee-mock", "healthcheck"]
ENTRYPOINT ["/vsee-mock"]
# The repository stays outside of the build, so the commit and the time come from there.
ARG VERSION=dev REVISION= CREATED=
LABEL org.opencontainers.image.title="vsee-mock" \
      org.opencontainers.image.description="A mock of VSee Clinic's api_v3 for integrators. It is not VSee's." \
      org.opencontainers.image.authors="the vsee-mock authors" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="https://github.com/vsee-mock/vsee-mock" \
      org.opencontainers.image.documentation="https://github.com/vsee-mock/vsee-mock/blob/main/docs/docker.md" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
