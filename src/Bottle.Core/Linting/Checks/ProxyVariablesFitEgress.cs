using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>With egress all proxy variables lead to it; without, there are none (SPEC D9, D10).</summary>
internal sealed class ProxyVariablesFitEgress : ICheck
{
    private static readonly string[] Names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"];

    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        var values = plan.Agent.Environment.ToDictionary(v => v.Name, v => v.Literal, StringComparer.Ordinal);
        var wanted = plan.Egress is null ? null : "http://egress:8080";
        return Names.Where(name => values.GetValueOrDefault(name) != wanted || (wanted is null && values.ContainsKey(name))).Select(LintErrors.ProxyVariablesDiffer);
    }
}
