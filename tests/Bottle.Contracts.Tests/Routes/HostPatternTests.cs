using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Tests.Routes;

[Parallelizable(ParallelScope.All)]
public sealed class HostPatternTests
{
    [TestCase("api.example.com", "api.example.com", ExpectedResult = true)]
    [TestCase("api.example.com", "www.api.example.com", ExpectedResult = false)]
    [TestCase("api.example.com", "api.example.com.evil.test", ExpectedResult = false)]
    [TestCase("*.example.com", "example.com", ExpectedResult = false)]
    [TestCase("*.example.com", "a.example.com", ExpectedResult = true)]
    [TestCase("*.example.com", "a.b.example.com", ExpectedResult = true)]
    [TestCase("*.example.com", "notexample.com", ExpectedResult = false)]
    [TestCase("*.example.com", "example.com.evil.test", ExpectedResult = false)]
    [TestCase("*.example.com", ".example.com", ExpectedResult = false)]
    public bool A_wildcard_takes_one_label_or_more_and_never_the_apex(string pattern, string host)
    {
        Assert.That(HostPattern.TryParse(pattern, out var parsed, out var problem), Is.True, problem);
        return parsed!.Matches(host);
    }

    [TestCase("", "empty")]
    [TestCase("*", "wildcard")]
    [TestCase("*.com", "public suffix")]
    [TestCase("*.co.uk", "public suffix")]
    [TestCase("*.github.io", "public suffix")]
    [TestCase("api.*.com", "wildcard")]
    [TestCase("**.example.com", "wildcard")]
    [TestCase("*example.com", "wildcard")]
    [TestCase("API.example.com", "'api.example.com'")]
    [TestCase("api.example.com.", "trailing dot")]
    [TestCase("api..example.com", "empty label")]
    [TestCase("https://api.example.com", "no scheme")]
    [TestCase("api.example.com/v1", "no path")]
    [TestCase("api.example.com:443", "no port")]
    [TestCase("10.0.0.1", "IP address")]
    [TestCase("127.1", "IP address")]
    [TestCase("2130706433", "IP address")]
    [TestCase("0x7f.1", "IP address")]
    [TestCase("[::1]", "IP address")]
    [TestCase("::1", "no port")]
    [TestCase("localhost", "sidecar itself")]
    [TestCase("a.localhost", "sidecar itself")]
    [TestCase("_egress.local", "sidecar itself")]
    [TestCase("pipelock", "no dot")]
    [TestCase("bücher.example", "xn--")]
    [TestCase("a b.example", "U+0020")]
    [TestCase("-a.example.com", "hyphen")]
    public void A_bad_host_is_refused_with_the_way_to_mend_it(string pattern, string expected)
    {
        Assert.That(HostPattern.TryParse(pattern, out _, out var problem), Is.False);
        Assert.That(problem, Does.Contain(expected));
    }

    [Test]
    public void Labels_and_names_have_the_lengths_of_DNS()
    {
        var label63 = new string('a', 63);
        Assert.That(HostPattern.TryParse($"{label63}.test", out _, out _), Is.True);
        Assert.That(HostPattern.TryParse($"{label63}a.test", out _, out _), Is.False);
        Assert.That(HostPattern.TryParse(string.Join('.', Enumerable.Repeat(label63, 4)) + ".test", out _, out _), Is.False);
    }
}
