using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Every container has limits of memory, processors and processes.</summary>
internal sealed class EverythingIsLimited : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose) =>
        compose.Services.Where(s => s.Limits is not { MemoryMiB: > 0, Cpus: > 0, Pids: > 0 }).Select(s => LintErrors.Unlimited(s.Name));
}
