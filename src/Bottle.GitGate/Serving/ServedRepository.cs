using Bottle.GitGate.Repositories;

namespace Bottle.GitGate.Serving;

/// <summary>A repository and what keeps it fresh.</summary>
internal sealed record ServedRepository(Repository Repository, Freshness Freshness);
