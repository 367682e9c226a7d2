using Bottle.Contracts.Audit;

namespace Bottle.Host.Audit;

/// <summary>What a check of one audit file found.</summary>
/// <param name="Path">The file.</param>
/// <param name="Identity">The run that it belongs to; null for the file over all bottles.</param>
/// <param name="Verdict">The chain, and what other files say about it.</param>
public sealed record AuditReport(string Path, string? Identity, AuditVerdict Verdict);
