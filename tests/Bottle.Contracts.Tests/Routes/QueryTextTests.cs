using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Tests.Routes;

[Parallelizable(ParallelScope.All)]
public sealed class QueryTextTests
{
    [TestCase("a=1&b=2", "a=1&b=2")]
    [TestCase("key=x", null)]
    [TestCase("key=x&a=1", "a=1")]
    [TestCase("a=1&key=x", "a=1")]
    [TestCase("a=1&key=x&b=%2f", "a=1&b=%2f")]
    [TestCase("a=1;KEY=x;b=2", "a=1;b=2")]
    [TestCase("%6bey=x&a", "a")]
    [TestCase("%256bey=x&a", "a")]
    [TestCase("access%5Ftoken=x&access-token=y&a=1", "a=1")]
    [TestCase("key[]=x&a=1", "a=1")]
    [TestCase("+key=x&a=1", "a=1")]
    [TestCase("key&a=1", "a=1")]
    [TestCase("monkey=1&keys=2", "monkey=1&keys=2")]
    [TestCase("", "")]
    public void Named_parameters_go_and_the_rest_stays_as_it_was(string query, string? expected) =>
        Assert.That(QueryText.Without(query, name => name is "key" or "access_token"), Is.EqualTo(expected));
}
