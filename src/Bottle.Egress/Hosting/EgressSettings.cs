using System.Globalization;
using System.Net;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Hosting;

/// <summary>Where egress finds its files and neighbours, and its bounds. The defaults are the container's contract; every one can be overridden by an environment variable.</summary>
internal sealed record EgressSettings
{
    /// <summary>Where the agent's requests come in (EGRESS_LISTEN).</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 8080);

    /// <summary>The Unix socket that <c>healthcheck</c> and <c>introspect</c> of the same container use (EGRESS_CONTROL_SOCKET).</summary>
    public string ControlSocket { get; init; } = "/tmp/egress.sock";

    /// <summary>The route table (EGRESS_ROUTES).</summary>
    public string Routes { get; init; } = "/etc/egress/routes.yaml";

    /// <summary>The slots' values (EGRESS_TOKENS); may be absent.</summary>
    public string Tokens { get; init; } = "/run/egress/tokens/tokens.json";

    /// <summary>The authority that the agent trusts (EGRESS_CA).</summary>
    public string Ca { get; init; } = "/etc/egress/ca.pem";

    /// <summary>Its key, PKCS#8 (EGRESS_CA_KEY).</summary>
    public string CaKey { get; init; } = "/etc/egress/ca-key.pem";

    /// <summary>Pipelock (EGRESS_UPSTREAM_PROXY, <c>http://host:port</c>). There is no way out but through it.</summary>
    public Authority UpstreamProxy { get; init; } = new("pipelock", 8888);

    /// <summary>How the name of a pipelock becomes addresses: the container's resolver.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>What inspected hosts are verified by, and nothing else (EGRESS_UPSTREAM_CA).</summary>
    public string UpstreamCa { get; init; } = "/etc/egress/pipelock-ca.pem";

    /// <summary>What hosts on passthrough are verified by (EGRESS_UPSTREAM_ROOTS); absent or empty means that no such host can be verified.</summary>
    public string UpstreamRoots { get; init; } = "/etc/egress/upstream-roots.pem";

    /// <summary>The request log (EGRESS_LOG).</summary>
    public string Log { get; init; } = "/var/log/egress/requests.jsonl";

    /// <summary>How many requests of each lease were admitted, beside the request log.</summary>
    public string Leases => Path.Combine(Path.GetDirectoryName(Log) ?? "", "leases.json");

    /// <summary>What the run has used, beside the request log.</summary>
    public string Budget => Path.Combine(Path.GetDirectoryName(Log) ?? "", BudgetCounts.FileName);

    /// <summary>Where the log stops growing, in bytes (EGRESS_LOG_MAX_BYTES); a second file of that size holds the newest lines.</summary>
    public long LogMaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The largest request body for an inspected host, in bytes: pipelock's <c>max_body_bytes</c> (EGRESS_INSPECT_MAX_BODY).</summary>
    public long InspectMaxBody { get; init; } = 10 * 1024 * 1024;

    /// <summary>How long a client may take for a CONNECT head, a handshake or a request head.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long pipelock may take to be reached, and how long an answer may be late before pipelock is asked whether it lives.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long pipelock may take to say that it lives.</summary>
    public TimeSpan PulseLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a request body may stand still, and how long a connection may idle between requests.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an upstream may take nothing of what is sent to it. As long as nginx allows (its <c>proxy_send_timeout</c>).</summary>
    public TimeSpan UntakenTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many connections from the agent are held at once.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>How many requests are under way at once. As many as fit into the container's memory when each of them stands still with all its buffers full, in either direction (BoundsTests).</summary>
    public int MaxRequests { get; init; } = 512;

    /// <summary>Reads the environment; a value that cannot be read throws <see cref="FormatException"/> with the variable's name.</summary>
    public static EgressSettings FromEnvironment(Func<string, string?> read)
    {
        var defaults = new EgressSettings();
        return defaults with
        {
            Listen = Get("EGRESS_LISTEN", defaults.Listen, IPEndPoint.Parse),
            ControlSocket = Get("EGRESS_CONTROL_SOCKET", defaults.ControlSocket, Same),
            Routes = Get("EGRESS_ROUTES", defaults.Routes, Same),
            Tokens = Get("EGRESS_TOKENS", defaults.Tokens, Same),
            Ca = Get("EGRESS_CA", defaults.Ca, Same),
            CaKey = Get("EGRESS_CA_KEY", defaults.CaKey, Same),
            UpstreamProxy = Get("EGRESS_UPSTREAM_PROXY", defaults.UpstreamProxy, ParseProxy),
            UpstreamCa = Get("EGRESS_UPSTREAM_CA", defaults.UpstreamCa, Same),
            UpstreamRoots = Get("EGRESS_UPSTREAM_ROOTS", defaults.UpstreamRoots, Same),
            Log = Get("EGRESS_LOG", defaults.Log, Same),
            LogMaxBytes = Get("EGRESS_LOG_MAX_BYTES", defaults.LogMaxBytes, ParseSize),
            InspectMaxBody = Get("EGRESS_INSPECT_MAX_BODY", defaults.InspectMaxBody, ParseSize),
        };

        T Get<T>(string name, T fallback, Func<string, T> parse)
        {
            try
            {
                return read(name) is { Length: > 0 } text ? parse(text) : fallback;
            }
            catch (FormatException e)
            {
                throw new FormatException($"{name}: {e.Message}");
            }
        }
    }

    private static string Same(string text) => text;

    private static long ParseSize(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static Authority ParseProxy(string text)
    {
        const string scheme = "http://";
        return text.StartsWith(scheme, StringComparison.Ordinal) && Authority.TryParse(text.AsSpan(scheme.Length).TrimEnd('/'), 0, out var proxy, out _)
            ? proxy
            : throw new FormatException("expected http://host:port");
    }
}
