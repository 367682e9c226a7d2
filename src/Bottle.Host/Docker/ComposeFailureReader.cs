using System.Text.RegularExpressions;

namespace Bottle.Host.Docker;

/// <summary>Reads what Compose says when <c>up</c> fails: it has no machine-readable form.</summary>
internal static partial class ComposeFailureReader
{
    /// <summary>The kind of failure and the image or container that Compose names.</summary>
    public static (ComposeFailure Failure, string? Subject) Read(string error)
    {
        // "Pool overlaps" first: a network is made before anything else, so it is the cause of what follows.
        if (error.Contains("Pool overlaps", StringComparison.OrdinalIgnoreCase))
            return (ComposeFailure.PoolOverlaps, Subject(NetworkName(), error));
        if (MissingImage().Match(error) is { Success: true } image)
            return (ComposeFailure.ImageMissing, Captured(image));
        if (TakenName().Match(error) is { Success: true } name)
            return (ComposeFailure.NameTaken, name.Groups[1].Value);
        if (Unhealthy().Match(error) is { Success: true } unhealthy)
            return (ComposeFailure.ServiceUnhealthy, unhealthy.Groups[1].Value);
        return Exited().Match(error) is { Success: true } exited ? (ComposeFailure.ServiceExited, Captured(exited)) : (ComposeFailure.Other, null);
    }

    private static string Captured(Match match) => match.Groups.Values.Skip(1).First(g => g.Success).Value;

    private static string? Subject(Regex regex, string text) => regex.Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("failed to create network ([^:\\s]+)")]
    private static partial Regex NetworkName();

    [GeneratedRegex("No such image: (\\S+)|pull access denied for ([^\\s,]+)|manifest for (\\S+) not found")]
    private static partial Regex MissingImage();

    [GeneratedRegex("container name \"/?([^\"]+)\" is already in use")]
    private static partial Regex TakenName();

    [GeneratedRegex("container (\\S+) is unhealthy")]
    private static partial Regex Unhealthy();

    [GeneratedRegex("container (\\S+) exited \\(\\d+\\)|container (\\S+) is not running")]
    private static partial Regex Exited();
}
