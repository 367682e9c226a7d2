using Bottle.Core.Manifests;
using NUnit.Framework;

namespace Bottle.Core.Tests.Manifests;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class SteeringVariableTests
{
    [Test]
    public void What_steers_the_engine_the_loader_the_proxy_or_trust_cannot_be_set([Values(
        "PATH", "Path", "HOME", "DOCKER_HOST", "docker_config", "COMPOSE_PROJECT_NAME", "BUILDKIT_HOST", "LD_PRELOAD", "LD_LIBRARY_PATH", "HTTP_PROXY", "https_proxy", "NO_PROXY", "ALL_PROXY", "npm_config_proxy",
        "EGRESS_TOKEN_0", "EGRESS_UPSTREAM_PROXY", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_CONFIG_GLOBAL", "GIT_SSL_NO_VERIFY", "SSH_AUTH_SOCK", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED",
        "PYTHONPATH", "PYTHONSTARTUP", "GODEBUG", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "GIT_SSL_CAINFO", "CARGO_HTTP_CAINFO", "BASH_ENV", "OTEL_EXPORTER_OTLP_ENDPOINT",
        "XDG_CONFIG_HOME", "BOTTLE_PIPELOCK_IMAGE", "CLAUDE_BOTTLE_HOME", "JAVA_TOOL_OPTIONS", "DOTNET_STARTUP_HOOKS", "SSLKEYLOGFILE")] string name) =>
        Assert.That(Codes(name), Is.EqualTo(["BTL1302"]));

    [Test]
    public void What_an_agents_programs_are_configured_with_can([Values(
        "API_URL", "LOG", "TZ", "LANG", "TERM", "EDITOR", "GOPROXY", "GOFLAGS", "NPM_TOKEN", "CARGO_HOME", "DATABASE_URL", "PGPASSWORD", "CLAUDE_CODE_MAX_RETRIES", "ANTHROPIC_MODEL", "DOTNET_CLI_TELEMETRY_OPTOUT", "GIT_AUTHOR_NAME",
        "PROXY", "LDAP_URL", "MY_PATH", "DOCKERFILE", "NODE_ENV", "PYTHONUNBUFFERED")] string name) => Assert.That(Codes(name), Is.Empty);

    private static List<string> Codes(string name) => [.. ManifestReader.ReadBottle("dev.md", $"---\nenv: {{{name}: x}}\n---\n").Diagnostics.Select(d => d.Code)];
}
