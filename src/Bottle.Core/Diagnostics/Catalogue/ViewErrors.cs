namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>Looking at runs: their traffic, logs, receipts, the dashboard: BTL54xx.</summary>
public static class ViewErrors
{
    /// <summary>BTL5401: neither a running bottle nor a kept record has requests of this name.</summary>
    public static Diagnostic NoTraffic(string identity) => new()
    {
        Code = "BTL5401",
        Message = $"there is no request log of '{identity}'",
        Why = "no such run has state, and none is kept; records go after 30 days, or when they take more than 1 GB",
        Fix = "see which runs exist: dotnet cake --target=List",
    };

    /// <summary>BTL5402: a run has no logs: no container, and nothing kept.</summary>
    public static Diagnostic NoLogs(string identity) => new()
    {
        Code = "BTL5402",
        Message = $"there are no logs of '{identity}'",
        Why = "it has no containers, and compose.log is kept of runs that failed only",
        Fix = "see what it did ask for: dotnet cake --target=Traffic --bottle=" + identity,
    };

    /// <summary>BTL5403: a run has no receipt.</summary>
    public static Diagnostic NoReceipt(string identity, bool runs) => new()
    {
        Code = "BTL5403",
        Message = $"there is no receipt of '{identity}'",
        Why = runs ? "it still runs; a receipt is written at the end" : "no such run is known here",
        Fix = runs ? $"stop it, and ask again: dotnet cake --target=Stop --bottle={identity}" : "see which runs exist: dotnet cake --target=List",
    };

    /// <summary>BTL5404: a receipt cannot be read.</summary>
    public static Diagnostic ReceiptUnreadable(string path, string reason) => new()
    {
        Code = "BTL5404",
        Message = $"'{InertText.Excerpt(path, 200)}' is no receipt that this version reads",
        Why = InertText.Excerpt(reason, 300),
        Fix = "name a file that Bottle wrote: runs/<identity>/receipt.json",
    };

    /// <summary>BTL5405: what a receipt says does not hold; <paramref name="problems"/> are sentences.</summary>
    public static Diagnostic ReceiptBroken(string path, IReadOnlyList<string> problems) => new()
    {
        Code = "BTL5405",
        Message = $"the receipt {InertText.Excerpt(path, 200)} does not hold",
        Why = string.Join('\n', problems),
        Fix = "what it names was changed after the run, or the receipt itself was: compare both with a copy from elsewhere",
    };

    /// <summary>BTL5406: the dashboard needs a terminal to draw on and to read keys from.</summary>
    public static Diagnostic NoTerminal() => new()
    {
        Code = "BTL5406",
        Message = "the dashboard needs a terminal",
        Why = "standard input or output is a file or a pipe",
        Fix = "run it in a terminal; for programs there are List, Info, Traffic, Logs and Proposals with --format=json",
    };
}
