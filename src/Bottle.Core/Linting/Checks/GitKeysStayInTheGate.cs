using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>The folder of git's keys is mounted into the gate, read-only, and no other service sees it or a folder around it (SPEC H5).</summary>
internal sealed class GitKeysStayInTheGate : ICheck
{
    private static readonly string Keys = ComposeServices.InState(StateLayout.GitGateKeysDirectory);

    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose) =>
        from service in compose.Services
        from mount in service.Mounts
        where Shows(mount.Source) && !(service.Name == ComposeServices.GitGate && mount.Source == Keys && mount.ReadOnly)
        select LintErrors.GitKeysVisible(service.Name, mount.Source);

    private static bool Shows(string source) =>
        source.TrimEnd('/') is var folder && (folder == "." || Keys.StartsWith(folder + "/", StringComparison.Ordinal) || folder == Keys || folder.StartsWith(Keys + "/", StringComparison.Ordinal));
}
