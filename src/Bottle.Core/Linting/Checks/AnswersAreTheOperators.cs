using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>The queue is seen by supervise alone, and no container can write an answer, neither there nor through a folder around it (SPEC I3): an answer is the operator's word.</summary>
internal sealed class AnswersAreTheOperators : ICheck
{
    private static readonly string Queue = ComposeServices.InState(StateLayout.SuperviseQueue);
    private static readonly string Proposals = ComposeServices.InState(StateLayout.SuperviseProposals);

    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose) =>
        from service in compose.Services
        from mount in service.Mounts
        where Shows(mount.Source) && !(service.Name == ComposeServices.Supervise && (mount.ReadOnly || mount.Source == Proposals))
        select LintErrors.AnswersWritable(service.Name, mount.Source);

    private static bool Shows(string source) =>
        source.TrimEnd('/') is var folder && (folder == "." || folder == Queue || Queue.StartsWith(folder + "/", StringComparison.Ordinal) || folder.StartsWith(Queue + "/", StringComparison.Ordinal));
}
