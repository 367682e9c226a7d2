using System.Collections.Concurrent;
using Bottle.Host.Processes;

namespace Bottle.Host.Images;

/// <summary>Pulls from registries that may not be there: a registry that is silent is given up soon, and not asked again in this run.</summary>
/// <param name="runner">What starts processes.</param>
/// <param name="say">Called with each pull before it begins.</param>
/// <param name="patience">How long a registry may take to its first answer; 10 s unless said otherwise.</param>
public sealed class ImagePuller(ICommandRunner runner, Action<string> say, TimeSpan? patience = null)
{
    // The client's first line comes when the registry has answered; layers may then take their time.
    private readonly TimeSpan firstAnswer = patience ?? TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Whole = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, string> silent = new(StringComparer.Ordinal);

    /// <summary>Null when the image is there now, else why it is not.</summary>
    public async Task<string?> TryPullAsync(string reference, CancellationToken cancellationToken = default)
    {
        var registry = RegistryOf(reference);
        if (silent.TryGetValue(registry, out var before))
            return before;
        say($"pulling {reference}");
        var why = await PullAsync(reference, cancellationToken).ConfigureAwait(false);
        if (why is not null)
            silent[registry] = why;
        return why;
    }

    private async Task<string?> PullAsync(string reference, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(firstAnswer);
        var command = new Command("docker", "pull", reference)
        {
            OnLine = (_, isError) =>
            {
                if (!isError)
                    limit.CancelAfter(Whole);
            },
        };
        try
        {
            var result = await runner.RunAsync(command, limit.Token).ConfigureAwait(false);
            return result.Succeeded ? null : string.Join(' ', result.LastLines(1));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer from {RegistryOf(reference)} in time";
        }
    }

    /// <summary>The registry's host: the first part of a reference when it looks like a host, else the engine's default.</summary>
    private static string RegistryOf(string reference)
    {
        var first = reference.Split('/')[0];
        return reference.Contains('/', StringComparison.Ordinal) && (first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost")
            ? first
            : "the engine's default registry";
    }
}
