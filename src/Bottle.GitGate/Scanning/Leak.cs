namespace Bottle.GitGate.Scanning;

/// <summary>What gitleaks found, before anyone knows what it means. Holds the secret: it is hashed and dropped, never written.</summary>
/// <param name="Rule">Gitleaks' rule.</param>
/// <param name="File">The file's name in the scan folder.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Secret">The match.</param>
internal sealed record Leak(string Rule, string File, int Line, string Secret);
