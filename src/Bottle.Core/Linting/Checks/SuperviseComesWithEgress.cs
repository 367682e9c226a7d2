using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>With supervise there is egress, so that what is granted can be applied, and the agent reaches supervise past the proxy (SPEC D9).</summary>
internal sealed class SuperviseComesWithEgress : ICheck
{
    private static readonly string[] Names = ["NO_PROXY", "no_proxy"];

    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        if (plan.Supervise is not null && plan.Egress is null)
            yield return LintErrors.SuperviseWithoutEgress("there is no egress");
        var values = plan.Agent.Environment.ToDictionary(v => v.Name, v => v.Literal, StringComparer.Ordinal);
        foreach (var name in Names.Where(name => (values.GetValueOrDefault(name) ?? "").Split(',').Contains("supervise", StringComparer.Ordinal) != plan.Supervise is not null))
            yield return LintErrors.SuperviseWithoutEgress($"the agent's '{name}' does not fit");
    }
}
