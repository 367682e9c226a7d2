using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Tests.Routes;

[Parallelizable(ParallelScope.All)]
public sealed class PathPatternTests
{
    [TestCase("/v1/*", "/v1/", ExpectedResult = true)]
    [TestCase("/v1/*", "/v1/a/b", ExpectedResult = true)]
    [TestCase("/v1/*", "/v1", ExpectedResult = false)]
    [TestCase("/v1/*", "/v1x", ExpectedResult = false)]
    [TestCase("/v1/*", "/V1/a", ExpectedResult = false)]
    [TestCase("/v1/x", "/v1/x", ExpectedResult = true)]
    [TestCase("/v1/x", "/v1/x/", ExpectedResult = false)]
    [TestCase("/v1/x", "/v1/%78", ExpectedResult = true)]
    [TestCase("/*", "/", ExpectedResult = true)]
    [TestCase("/*", "/a", ExpectedResult = true)]
    public bool Exact_paths_and_prefixes_match_as_documented(string pattern, string raw)
    {
        Assert.That(PathPattern.TryParse(pattern, out var parsed, out var problem), Is.True, problem);
        CanonicalPath.TryParse(raw, out var path, out _);
        return parsed!.Matches(path);
    }

    [TestCase("v1/*", "start with '/'")]
    [TestCase("/v1*", "after a slash")]
    [TestCase("/*/x", "at the end")]
    [TestCase("/v1/?a=1", "query")]
    [TestCase("/v1/../x", "dot segment")]
    [TestCase("/v1//x", "empty segment")]
    [TestCase("/v%31/*", "'/v1/*'")]
    [TestCase("/@a%2fb", "'/@a%2Fb'")]
    [TestCase("", "start with '/'")]
    public void A_bad_pattern_is_refused_with_the_way_to_mend_it(string pattern, string expected)
    {
        Assert.That(PathPattern.TryParse(pattern, out _, out var problem), Is.False);
        Assert.That(problem, Does.Contain(expected));
    }
}
