using System.Globalization;
using System.Net;

namespace Bottle.Supervise.Hosting;

/// <summary>Where supervise finds its files and neighbours, and its bounds. The defaults are the container's contract; those with a variable can be overridden by it.</summary>
internal sealed record SuperviseSettings
{
    /// <summary>Where the agent's calls come in (SUPERVISE_ADDRESS, SUPERVISE_PORT).</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 9100);

    /// <summary>The bottle's identity, for the log (SUPERVISE_BOTTLE_SLUG); null when nobody said.</summary>
    public string? Identity { get; init; }

    /// <summary>The folder with <c>proposals</c>, which is written, and <c>answers</c>, which is only read (SUPERVISE_QUEUE_DIR).</summary>
    public string Queue { get; init; } = "/run/supervise/queue";

    /// <summary>The proxy whose introspection knows the live routes (SUPERVISE_EGRESS).</summary>
    public Uri Egress { get; init; } = new("http://egress:8080");

    /// <summary>How often a call that waits tells its client that it is alive: clients give up after minutes of silence.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a call that waits looks for its answer.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How long a request's body may take.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long egress may take for an answer about itself.</summary>
    public TimeSpan EgressTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The largest request body, in bytes.</summary>
    public int MaxBody { get; init; } = 256 * 1024;

    /// <summary>How many calls are under way at once.</summary>
    public int MaxCalls { get; init; } = 64;

    /// <summary>How many connections are held at once.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Reads the environment; a value that cannot be read throws <see cref="FormatException"/> with the variable's name.</summary>
    public static SuperviseSettings FromEnvironment(Func<string, string?> read)
    {
        var defaults = new SuperviseSettings();
        return defaults with
        {
            Listen = new IPEndPoint(
                read("SUPERVISE_ADDRESS") is { Length: > 0 } address ? ParseAddress(address) : defaults.Listen.Address,
                read("SUPERVISE_PORT") is { Length: > 0 } port ? ParsePort(port) : defaults.Listen.Port),
            Identity = read("SUPERVISE_BOTTLE_SLUG"),
            Queue = read("SUPERVISE_QUEUE_DIR") is { Length: > 0 } queue ? queue : defaults.Queue,
            Egress = read("SUPERVISE_EGRESS") is { Length: > 0 } egress ? ParseProxy(egress) : defaults.Egress,
        };
    }

    private static IPAddress ParseAddress(string text) => IPAddress.TryParse(text, out var address) ? address : throw new FormatException("SUPERVISE_ADDRESS: expected an IP address");

    private static ushort ParsePort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : throw new FormatException("SUPERVISE_PORT: expected a number from 0 to 65535");

    private static Uri ParseProxy(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp ? uri : throw new FormatException("SUPERVISE_EGRESS: expected http://host:port");
}
