using System.Text;
using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Tests.Routes;

[Parallelizable(ParallelScope.All)]
public sealed class TokenFileTests
{
    [Test]
    public void What_is_written_is_read_back()
    {
        var values = new Dictionary<string, string> { ["EGRESS_TOKEN_1"] = "user:päss".Replace("ä", "a", StringComparison.Ordinal), ["EGRESS_TOKEN_0"] = "\"quoted\"" };
        Assert.That(TokenFile.TryRead(TokenFile.Write(values), out var read, out var problem), Is.True, problem);
        Assert.That(read, Is.EquivalentTo(values));
        Assert.That(Encoding.UTF8.GetString(TokenFile.Write(values)), Does.StartWith("{\"EGRESS_TOKEN_0\""));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{\"EGRESS_TOKEN_0\": 5}")]
    [TestCase("{\"EGRESS_TOKEN_0\": null}")]
    [TestCase("{\"EGRESS_TOKEN_0\": \"\"}")]
    [TestCase("{\"EGRESS_TOKEN_0\": \"secret-canary\\n\"}")]
    [TestCase("{\"EGRESS_TOKEN_0\": \"secret-canary\", \"EGRESS_TOKEN_0\": \"b\"}")]
    [TestCase("{\"PATH\": \"secret-canary\"}")]
    [TestCase("{\"EGRESS_TOKEN_0\": \"secret-canary\"")]
    [TestCase("secret-canary")]
    public void A_broken_file_is_refused_without_repeating_it(string text)
    {
        Assert.That(TokenFile.TryRead(Encoding.UTF8.GetBytes(text), out _, out var problem), Is.False);
        Assert.That(problem, Is.Not.Empty.And.Not.Contain("canary"));
    }
}
