using System.Text.RegularExpressions;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Host.Processes;

namespace Bottle.Host.Registries;

/// <summary>
/// Learns which registries the operator's own clients use (SPEC A14): from their environment variables, else from the client itself, else from the user's configuration file. Never from
/// the folder where Bottle was started: a stranger's repository must not choose what a bottle may reach.
/// </summary>
/// <param name="runner">Starts the clients.</param>
/// <param name="environment">The operator's environment.</param>
public sealed partial class RegistryProbe(ICommandRunner runner, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>How long one client may think; one that does not answer counts as not there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>URLs by preset, without user names and passwords; presets whose client says nothing are left out.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ProbeAsync(IEnumerable<string> presets, CancellationToken cancellationToken = default)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var preset in presets.Distinct(StringComparer.Ordinal))
            if (RegistryClients.Of(preset) is { } client && await UrlsAsync(client, cancellationToken).ConfigureAwait(false) is { Count: > 0 } urls)
                found[preset] = urls;
        return found;
    }

    private async Task<IReadOnlyList<string>> UrlsAsync(RegistryClient client, CancellationToken cancellationToken)
    {
        var named = client.Variables.Select(name => environment.GetValueOrDefault(name, "")).FirstOrDefault(value => value.Length > 0);
        if (named is not null)
            return Urls(named);
        foreach (var command in client.Commands)
            if (await AskAsync(command, cancellationToken).ConfigureAwait(false) is { } answer && Urls(client.Find(answer)) is { Count: > 0 } told)
                return told;
        foreach (var file in client.Files.Select(Expand).Where(File.Exists))
            if (Urls(client.FindInFile(await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false))) is { Count: > 0 } written)
                return written;
        return [];
    }

    private async Task<string?> AskAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var result = await runner.RunAsync(new Command(command[0], command.Skip(1)) { WorkingDirectory = "/" }, limit.Token).ConfigureAwait(false);
            return result.Succeeded ? result.Output : null;
        }
        catch (BottleException)
        {
            return null; // no such program
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private string Expand(string file) => file.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(environment.GetValueOrDefault("HOME", "/"), file[2..]) : file;

    // A URL ends where clients put the next one: at white space, a comma or bar (go), a quote, or a bracket.
    private static List<string> Urls(string text) =>
        [.. UrlPattern().Matches(text).Select(match => WithoutUser(match.Value)).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string? WithoutUser(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : null;

    [GeneratedRegex("""https?://[^\s,|"'()<>\[\]]+""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UrlPattern();
}
