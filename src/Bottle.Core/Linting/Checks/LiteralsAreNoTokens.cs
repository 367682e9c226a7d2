using System.Globalization;
using System.Text.RegularExpressions;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>No literal of the agent's environment has the shape of a well-known token: the one check that a person, not Bottle, can break.</summary>
internal sealed partial class LiteralsAreNoTokens : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        // What Bottle sets itself has no source, and is no token.
        foreach (var variable in plan.Agent.Environment.Where(v => v.Source is not null))
        {
            if (variable.Literal is { } literal && Kind(literal) is { } kind)
                yield return PlanErrors.LiteralLooksLikeToken(variable.Name, kind, Place(variable.Source));
        }
    }

    private static string? Kind(string literal) =>
        Anthropic().IsMatch(literal) ? "an Anthropic credential"
        : OpenAi().IsMatch(literal) ? "an OpenAI key"
        : GitHub().IsMatch(literal) ? "a GitHub token"
        : GitLab().IsMatch(literal) ? "a GitLab token"
        : Aws().IsMatch(literal) ? "an AWS access key"
        : Slack().IsMatch(literal) ? "a Slack token"
        : Google().IsMatch(literal) ? "a Google API key"
        : PrivateKey().IsMatch(literal) ? "a private key"
        : null;

    // The plan keeps the place as file:line:column.
    private static SourceSpan? Place(string? source)
    {
        var parts = source?.Split(':') ?? [];
        return parts.Length >= 3
            && int.TryParse(parts[^2], NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var column)
            ? new SourceSpan(string.Join(':', parts[..^2]), line, column)
            : null;
    }

    [GeneratedRegex("sk-ant-[A-Za-z0-9_-]{16,}")]
    private static partial Regex Anthropic();

    [GeneratedRegex("\\bsk-(proj-|svcacct-)?[A-Za-z0-9_-]{32,}")]
    private static partial Regex OpenAi();

    [GeneratedRegex("\\b(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})")]
    private static partial Regex GitHub();

    [GeneratedRegex("\\bglpat-[A-Za-z0-9_-]{20,}")]
    private static partial Regex GitLab();

    [GeneratedRegex("\\b(AKIA|ASIA)[A-Z0-9]{16}\\b")]
    private static partial Regex Aws();

    [GeneratedRegex("\\bxox[abeoprs]-[A-Za-z0-9-]{10,}")]
    private static partial Regex Slack();

    [GeneratedRegex("\\bAIza[A-Za-z0-9_-]{35}")]
    private static partial Regex Google();

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex PrivateKey();
}
