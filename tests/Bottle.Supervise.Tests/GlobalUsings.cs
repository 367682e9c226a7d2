global using Bottle.Supervise.Tests.Harness;
global using NUnit.Framework;
