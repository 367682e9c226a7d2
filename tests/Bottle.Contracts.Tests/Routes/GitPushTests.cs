using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Tests.Routes;

[Parallelizable(ParallelScope.All)]
public sealed class GitPushTests
{
    [TestCase("/o/r.git/git-receive-pack")]
    [TestCase("/o/r/git-receive-pack")]
    [TestCase("/o/r.git/info/refs?service=git-receive-pack")]
    [TestCase("/o/r.git/info/refs?a=1&service=git-receive-pack&b")]
    [TestCase("/o/r.git/GIT-Receive-Pack")]
    [TestCase("/o/r.git/git%2dreceive%2Dpack")]
    [TestCase("/o/r.git/%67it-receive-pack")]
    [TestCase("/o/r.git/git%252dreceive-pack")]
    [TestCase("/o/r.git/git%25252dreceive-pack")]
    [TestCase("/o/r.git/git%c0%adreceive-pack")]
    [TestCase("/o/r.git/info/refs?service=git%2Dreceive%2dpack")]
    [TestCase("/o/r.git/git-receive-pack;x")]
    [TestCase("/o/r.git/info/refs?service=git-receive%5c-pack")]
    [TestCase("/o/r.git/git-receive\\-pack")]
    [TestCase("/o/r.git/info/refs?service=%22git-receive-%22%22pack%22")]
    [TestCase("/o/r.git/info/refs?service=git'-'receive-pack")]
    [TestCase("/o/r.git/git-receive%00-pack")]
    [TestCase("/o/r.git/git-%0areceive%09-pack")]
    [TestCase("/o/r.git/git-receive%255c-pack")]
    [TestCase("/o/r.git/%2525252525252564")]
    public void Every_spelling_of_a_push_is_seen(string target) => Assert.That(GitPush.IsPush(target), Is.True);

    [TestCase("/o/r.git/git-upload-pack")]
    [TestCase("/o/r.git/info/refs?service=git-upload-pack")]
    [TestCase("/search?q=git%20receive%20pack")]
    [TestCase("/100%25")]
    [TestCase("/search?q=%22git%22\\%00")]
    public void A_fetch_and_other_requests_are_not(string target) => Assert.That(GitPush.IsPush(target), Is.False);
}
