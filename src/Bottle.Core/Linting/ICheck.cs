using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting;

/// <summary>One thing that must never be true of a plan, or of the Compose file that comes out of it.</summary>
internal interface ICheck
{
    /// <summary>What breaks it; nothing when all is well.</summary>
    IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose);
}
