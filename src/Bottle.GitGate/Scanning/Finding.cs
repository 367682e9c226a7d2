namespace Bottle.GitGate.Scanning;

/// <summary>A secret in a push, without the secret.</summary>
/// <param name="Rule">Gitleaks' rule.</param>
/// <param name="Place">The path, with any secret in it masked, or what else it is (a message, a name).</param>
/// <param name="Line">The line, from 1; 0 when a line means nothing there.</param>
/// <param name="Commit">The commit that brought it, or null.</param>
/// <param name="Fingerprint">What the operator can allow.</param>
internal sealed record Finding(string Rule, string Place, int Line, string? Commit, string Fingerprint)
{
    /// <summary>One line for the agent and the log.</summary>
    public override string ToString() =>
        $"{Rule} in {Place}{(Line > 0 ? $":{Line}" : "")}{(Commit is null ? "" : $", commit {Commit[..12]}")}, fingerprint {Fingerprint}";
}
