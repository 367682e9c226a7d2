namespace Bottle.Contracts.Denials;

/// <summary>One reason of egress not to pass a request on.</summary>
/// <param name="Code"><c>BTL6</c> and three digits; never reused.</param>
/// <param name="Status">The HTTP status that the agent sees.</param>
/// <param name="Error">The word in the body's <c>error</c>.</param>
/// <param name="Layer">What decided: host, port, method, path, …</param>
/// <param name="CanAsk">Whether asking the operator for a route (<c>egress-block</c>) could help.</param>
/// <param name="Meaning">One line for people.</param>
public sealed record DenialCode(string Code, int Status, string Error, string Layer, bool CanAsk, string Meaning);
