using GraphRec.Cli;

return await Errors.GuardAsync(() => CommandLine.RunAsync(args));
