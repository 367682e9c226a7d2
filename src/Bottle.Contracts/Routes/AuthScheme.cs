namespace Bottle.Contracts.Routes;

/// <summary>How egress writes a credential on the wire.</summary>
public enum AuthScheme
{
    /// <summary><c>authorization: Bearer VALUE</c> (RFC 6750).</summary>
    Bearer,
    /// <summary><c>authorization: token VALUE</c> (GitHub).</summary>
    Token,
    /// <summary><c>authorization: Basic VALUE</c> (RFC 7617); the value is base64 already when it has no colon, else egress encodes it.</summary>
    Basic,
    /// <summary>The value alone, in the header that the route names.</summary>
    Header,
}
