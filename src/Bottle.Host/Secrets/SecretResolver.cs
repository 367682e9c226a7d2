using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Processes;

namespace Bottle.Host.Secrets;

/// <summary>Reads the values of secrets, at launch only. Errors (BTL51xx) name the manifest line and never a value; all are reported at once.</summary>
/// <param name="runner">Starts <c>command:</c> secrets.</param>
/// <param name="environment">The operator's environment.</param>
/// <param name="baseDirectory">What the paths of manifests, as people see them, are relative to.</param>
public sealed class SecretResolver(ICommandRunner runner, IReadOnlyDictionary<string, string> environment, string baseDirectory)
{
    // Some commands ask the operator something, a touch of a key for example.
    private static readonly TimeSpan CommandMayTake = TimeSpan.FromSeconds(60);

    /// <summary>The values of egress's slots: slot to value.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ResolveAsync(IEnumerable<TokenSlot> slots, CancellationToken cancellationToken = default)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<Diagnostic>();
        foreach (var slot in slots)
        {
            var (value, problem) = await ResolveAsync(slot, cancellationToken).ConfigureAwait(false);
            if (value is not null)
                values[slot.Name] = value;
            else
                problems.Add(problem!);
        }
        return problems.Count == 0 ? values : throw new BottleException(problems);
    }

    /// <summary>The values of the agent's variables that come from the host, by their names inside the agent: what Compose gets beside the bare names.</summary>
    public IReadOnlyDictionary<string, string> HostValues(IEnumerable<EnvironmentVariable> variables)
    {
        var fromHost = variables.Where(v => v.FromHost is not null).ToList();
        var missing = fromHost.Where(v => !environment.TryGetValue(v.FromHost!, out var value) || value.Length == 0).ToList();
        return missing.Count == 0
            ? fromHost.ToDictionary(v => v.Name, v => environment[v.FromHost!], StringComparer.Ordinal)
            : throw new BottleException([.. missing.Select(v => SessionErrors.VariableMissing(v.FromHost!, v.Source ?? ""))]);
    }

    private async Task<(string? Value, Diagnostic? Problem)> ResolveAsync(TokenSlot slot, CancellationToken cancellationToken)
    {
        switch (slot.Secret)
        {
            case SecretRef.Environment { Name: var name }:
                return environment.TryGetValue(name, out var value) ? Check(value, slot) : (null, SessionErrors.VariableMissing(name, slot.Source));
            case SecretRef.File { Path: var path }:
                return FromFile(SecretFiles.FullPath(path, SourceSpan.Parse(slot.Source)?.File ?? slot.Source, baseDirectory), slot);
            case SecretRef.Command { Arguments: var arguments }:
                return await FromCommandAsync(arguments, slot, cancellationToken).ConfigureAwait(false);
            default:
                throw new InvalidOperationException($"A secret of kind {slot.Secret.GetType().Name} has no reader");
        }
    }

    private static (string?, Diagnostic?) FromFile(string path, TokenSlot slot)
    {
        try
        {
            return Check(Encoding.UTF8.GetString(SecretFiles.Read(path)), slot);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, SessionErrors.SecretFileUnreadable(path, slot.Source, e.Message));
        }
    }

    private async Task<(string?, Diagnostic?)> FromCommandAsync(IReadOnlyList<string> arguments, TokenSlot slot, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CommandMayTake);
        // In the terminal's session, because it may have to ask; in the folder whose files trust covers.
        var command = new Command(arguments[0], arguments.Skip(1)) { OwnSession = false, OutputLimit = 64 * 1024, WorkingDirectory = baseDirectory };
        try
        {
            var result = await runner.RunAsync(command, limit.Token).ConfigureAwait(false);
            if (result.Succeeded)
                return Check(result.Output, slot);
            // Only what it said on standard error: standard output may hold the value.
            var said = (result with { Output = "" }).LastLines(5).Select(InertText.Line);
            return (null, SessionErrors.SecretCommandFailed(slot.Secret.ToString()!, slot.Source, $"exit code {result.ExitCode}", [.. said]));
        }
        catch (BottleException e)
        {
            return (null, SessionErrors.SecretCommandFailed(slot.Secret.ToString()!, slot.Source, e.Diagnostics[0].Message, []));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, SessionErrors.SecretCommandFailed(slot.Secret.ToString()!, slot.Source, $"no end within {CommandMayTake.TotalSeconds:0} s", []));
        }
    }

    private static (string?, Diagnostic?) Check(string raw, TokenSlot slot)
    {
        var value = raw.EndsWith("\r\n", StringComparison.Ordinal) ? raw[..^2] : raw.EndsWith('\n') ? raw[..^1] : raw;
        if (value.Length == 0)
            return (null, SessionErrors.SecretMalformed(slot.Secret.ToString()!, slot.Source, "it is empty"));
        return value.Any(char.IsControl) || value.Contains('\uFFFD', StringComparison.Ordinal)
            ? (null, SessionErrors.SecretMalformed(slot.Secret.ToString()!, slot.Source, "it holds a control character or is not UTF-8 text"))
            : (value, null);
    }
}
