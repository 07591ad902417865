Console.WriteLine("fait");
