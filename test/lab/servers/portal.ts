// A captive portal: whatever is asked for, it redirects to its own page, which answers 200.
import { createServer } from "node:http";

const page = "http://192.168.77.1:8080/login";
createServer((request, response) => {
  if (request.url === "/login") response.end("<title>Welcome</title><form>Please accept our terms</form>");
  else response.writeHead(302, { location: page }).end();
}).listen(8080, "::", () => console.log("ready"));
