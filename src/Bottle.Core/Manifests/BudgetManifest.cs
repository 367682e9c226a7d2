using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests;

/// <summary>What a whole run may use of its way out (SPEC N10), as a person wrote it; at least one kind is limited.</summary>
/// <param name="Limits">The limits; a kind that is null has none.</param>
/// <param name="Where">The place of the key.</param>
public sealed record BudgetManifest(Budget Limits, SourceSpan Where);
