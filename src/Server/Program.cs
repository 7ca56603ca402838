using Madang.Server.Commands;

return await CommandLine.Run(args);
