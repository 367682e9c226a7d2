namespace Bottle.GitGate.Upstream;

/// <summary>Puts what ssh and git say about a broken way upstream into a few words for the agent, without addresses or paths of the gate.</summary>
internal static class UpstreamTrouble
{
    /// <summary>What ssh says when its proxy command failed.</summary>
    public const string NoProxy = "proxy dialer did not pass back";

    // Each of these is said before any byte of a push can have left.
    private static readonly (string Sign, string Words)[] BeforeAnything =
    [
        ("Proxy error", "the firewall refused the connection"),
        (NoProxy, "the firewall cannot be reached"),
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", "its host key is not the pinned one"),
        ("Host key verification failed", "its host key is not among the pinned ones"),
        ("Permission denied", "it does not take the key of this remote"),
        ("Connection refused", "connection refused"),
        ("Connection timed out", "connection timed out"),
        ("Operation timed out", "connection timed out"),
        ("timed out during banner exchange", "it does not answer"),
        ("No route to host", "no route"),
        ("Network is unreachable", "no route"),
        ("Could not resolve hostname", "its name cannot be resolved"),
        ("does not appear to be a git repository", "no such repository there"),
        ("epository not found", "no such repository there"),
        ("Load key", "the key of this remote cannot be read"),
    ];

    /// <summary>A few words.</summary>
    public static string Describe(string error, bool timedOut = false) =>
        timedOut ? "it took too long" : Sign(error) ?? "the connection broke";

    /// <summary>Whether the failure is surely older than the first byte of the push.</summary>
    public static bool IsBeforeAnything(string error) => Sign(error) is not null;

    private static string? Sign(string error) => BeforeAnything.Where(known => error.Contains(known.Sign, StringComparison.Ordinal)).Select(known => known.Words).FirstOrDefault();
}
