using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>A manifest's variable steers neither Compose, which is started with its value, nor the loader, nor egress (SPEC A16).</summary>
internal sealed class VariablesSteerNothing : ICheck
{
    private static readonly string[] Names = ["PATH", "HOME", "BASH_ENV", "ENV", "IFS"];
    private static readonly string[] Prefixes = ["DOCKER_", "COMPOSE_", "BUILDKIT_", "BUILDX_", "LD_", "EGRESS_TOKEN_", "DOTNET_STARTUP_HOOKS"];

    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose) =>
        plan.Agent.Environment.Where(v => v.Source is not null && Steers(v.Name)).Select(v => LintErrors.VariableSteers(v.Name));

    private static bool Steers(string name) =>
        !IsVariableName(name)
        || Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Prefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase))
        || name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);

    private static bool IsVariableName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
