using Bottle.Core.Rendering;

namespace Bottle.Core.Planning;

/// <summary>The sidecars that the agent itself speaks to.</summary>
internal sealed record AgentNeighbours(bool Egress, bool Git, bool Supervise)
{
    /// <summary>The names of the user's own services.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];
}

/// <summary>The variables that Bottle itself gives the agent.</summary>
internal static class AgentEnvironment
{
    private const string Home = StateLayout.AgentHomeMount;

    // Where package managers put the programs that they install for a user: npm's prefix and pip, cargo, go, .NET's tools (SPEC A13).
    private const string ToolFolders = $"{Home}/.local/bin:{Home}/.cargo/bin:{Home}/go/bin:{Home}/.dotnet/tools";

    private const string Proxy = "http://egress:8080";
    private const string NoProxy = "localhost,127.0.0.1,::1";

    /// <summary>Where the agent's trust store lies; distributions look elsewhere too, where it is mounted as well.</summary>
    public const string TrustStore = "/etc/ssl/certs/ca-certificates.crt";

    // What each runtime and tool reads to find its authorities: OpenSSL, Go and .NET; Node; Python's requests and pip; curl;
    // git; cargo; Deno; npm; the AWS clients; gRPC; httplib2; Nix; Codex.
    private static readonly string[] TrustVariables =
    [
        "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "CARGO_HTTP_CAINFO",
        "DENO_CERT", "NPM_CONFIG_CAFILE", "AWS_CA_BUNDLE", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "HTTPLIB2_CA_CERTS", "NIX_SSL_CERT_FILE",
        "CODEX_CA_CERTIFICATE",
    ];

    // Java reads none of these variables, and no PEM file.
    private const string JavaOptions =
        $"-Djavax.net.ssl.trustStore={StateLayout.AgentJavaTrustMount} -Djavax.net.ssl.trustStoreType=jks -Djavax.net.ssl.trustStorePassword={JavaTrustStore.Password} "
        + "-Dhttp.proxyHost=egress -Dhttp.proxyPort=8080 -Dhttps.proxyHost=egress -Dhttps.proxyPort=8080 -Dhttp.nonProxyHosts=localhost|127.*|[::1]";

    private static readonly string[] ProxyVariables = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"];

    private static readonly string[] NoProxyVariables = ["NO_PROXY", "no_proxy"];

    /// <summary>Defaults that a provider or a manifest may change: they follow the operator (SPEC D5).</summary>
    public static IEnumerable<(string Name, string Value)> Defaults(HostFacts facts)
    {
        yield return ("LANG", facts.Language ?? "C.UTF-8");
        // npm's own default prefix is the image's, which is read-only; the other package managers install at home by themselves.
        yield return ("NPM_CONFIG_PREFIX", $"{Home}/.local");
        yield return ("TERM", facts.Terminal ?? "xterm-256color");
        yield return ("TZ", facts.TimeZone ?? "UTC");
    }

    /// <summary>What leads the agent to its sidecars: nobody else sets it. Without egress there is nothing to be led to (SPEC D10).</summary>
    public static IEnumerable<(string Name, string Value)> Owned(AgentNeighbours neighbours)
    {
        yield return ("HOME", Home);
        yield return ("PATH", $"{ToolFolders}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        if (!neighbours.Egress)
            yield break;
        foreach (var name in ProxyVariables)
            yield return (name, Proxy);
        foreach (var name in NoProxyVariables)
            yield return (name, NoProxy + (neighbours.Git ? ",git-gate" : "") + (neighbours.Supervise ? ",supervise" : "") + string.Concat(neighbours.Services.Select(service => "," + service)));
        foreach (var name in TrustVariables)
            yield return (name, TrustStore);
        yield return ("JAVA_TOOL_OPTIONS", JavaOptions + (neighbours.Supervise ? "|supervise" : "") + string.Concat(neighbours.Services.Select(service => "|" + service)));
        // Node's own fetch looks at the proxy variables only when this is set.
        yield return ("NODE_USE_ENV_PROXY", "1");
        // Older ones not even then.
        yield return ("NODE_OPTIONS", $"--require={StateLayout.AgentNodeProxyMount}");
    }

    /// <summary>Whether a name is Bottle's, with or without egress.</summary>
    public static bool IsOurs(string name) =>
        Owned(new AgentNeighbours(Egress: true, Git: true, Supervise: true)).Any(owned => string.Equals(owned.Name, name, StringComparison.OrdinalIgnoreCase))
        || name.StartsWith("EGRESS_TOKEN_", StringComparison.OrdinalIgnoreCase);
}
