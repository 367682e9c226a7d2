namespace Bottle.Core.Manifests.Reading;

/// <summary>
/// Environment names that a manifest cannot set (SPEC A16). A value taken from the host is in the environment of the <c>docker</c> client when Compose starts, so what steers that client, Go's
/// runtime and its TLS is here too; and what would move the agent's own tools off its proxy and trust store, or make every program of the agent run something first.
/// </summary>
internal static class SteeringVariables
{
    private const string Engine = "the container engine's client";
    private const string Loader = "what programs load when they start";
    private const string Shell = "where programs and their files are found";
    private const string Proxy = "the agent's way out, which is Bottle's";
    private const string Trust = "which certificates are trusted";
    private const string Git = "what git and ssh run, and where they connect";
    private const string Bottle = "Bottle itself";

    private static readonly Dictionary<string, string> Names = Table(
        (Shell, "PATH HOME TMPDIR TMP TEMP SHELL IFS PWD"),
        (Loader, "ENV BASH_ENV SHELLOPTS BASHOPTS PROMPT_COMMAND PS4 NODE_OPTIONS NODE_PATH NODE_REPL_EXTERNAL_MODULE PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONINSPECT"),
        (Loader, "PERL5LIB PERL5OPT RUBYOPT RUBYLIB JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS GLIBC_TUNABLES GCONV_PATH"),
        (Loader, "DOTNET_STARTUP_HOOKS DOTNET_ADDITIONAL_DEPS DOTNET_SHARED_STORE"),
        (Engine, "GODEBUG GOTRACEBACK GOMAXPROCS GOMEMLIMIT GOGC GOCOVERDIR"),
        (Proxy, "LOCALDOMAIN RES_OPTIONS HOSTALIASES NODE_USE_ENV_PROXY"),
        (Trust, "NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED NODE_USE_SYSTEM_CA SSLKEYLOGFILE OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES PYTHONHTTPSVERIFY PIP_CERT"),
        (Trust, "PIP_TRUSTED_HOST GOINSECURE CURL_HOME DENO_CERT CODEX_CA_CERTIFICATE CLAUDE_CODE_CERT_STORE"));

    private static readonly (string Prefix, string Steers)[] Prefixes =
    [
        ("DOCKER_", Engine), ("COMPOSE_", Engine), ("BUILDKIT_", Engine), ("BUILDX_", Engine), ("OTEL_", Engine), ("XDG_", Shell),
        ("LD_", Loader), ("DYLD_", Loader), ("CORECLR_", Loader), ("BASH_FUNC_", Loader),
        ("SSL_CERT_", Trust), ("GIT_SSL_", Trust), ("NPM_CONFIG_CA", Trust), ("NPM_CONFIG_STRICT_SSL", Trust), ("CARGO_HTTP_", Trust),
        ("GIT_SSH", Git), ("GIT_CONFIG", Git), ("GIT_PROXY", Git), ("GIT_EXEC", Git), ("GIT_TEMPLATE", Git), ("GIT_ASKPASS", Git), ("GIT_EDITOR", Git), ("GIT_EXTERNAL_DIFF", Git),
        ("GIT_PAGER", Git), ("GIT_DIR", Git), ("GIT_WORK_TREE", Git), ("SSH_", Git),
        ("EGRESS_", Bottle), ("SUPERVISE_", Bottle), ("BOTTLE_", Bottle), ("CLAUDE_BOTTLE_", Bottle),
    ];

    private static readonly (string Suffix, string Steers)[] Suffixes = [("_PROXY", Proxy), ("_CA_BUNDLE", Trust), ("_CAINFO", Trust), ("_CA_CERTS", Trust)];

    /// <summary>What a name steers, in words, or null when it is harmless. Case does not count: <c>http_proxy</c> is read as well as <c>HTTP_PROXY</c>.</summary>
    public static string? WhatItSteers(string name)
    {
        var upper = name.ToUpperInvariant();
        if (Names.TryGetValue(upper, out var named))
            return named;
        foreach (var (prefix, steers) in Prefixes)
            if (upper.StartsWith(prefix, StringComparison.Ordinal))
                return steers;
        foreach (var (suffix, steers) in Suffixes)
            if (upper.EndsWith(suffix, StringComparison.Ordinal))
                return steers;
        return null;
    }

    private static Dictionary<string, string> Table(params ReadOnlySpan<(string Steers, string Names)> rows)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (steers, names) in rows)
            foreach (var name in names.Split(' '))
                table.Add(name, steers);
        return table;
    }
}
