// QuickFIX C++ on a pipe: an engine that a test drives by lines of text.
//
//	peer initiator|acceptor SETTINGS
//
// Standard input, one command a line; a message is written with '|' between its fields:
//
//	send SESSION 35=D|11=A1|38=100
//	logout SESSION        logon SESSION
//
// Standard output, one event a line:
//
//	ready                 the engine has started
//	logon SESSION         logout SESSION
//	in SESSION 8=...      an application message or a Reject has come and is what the dictionaries permit
//	out SESSION 8=...     a Reject of ours: what came is not
//	error TEXT            a command that could not be carried out
//
// It ends with its input.

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>

#include <quickfix/Application.h>
#include <quickfix/MessageStore.h>
#include <quickfix/Session.h>
#include <quickfix/SessionSettings.h>
#include <quickfix/SocketAcceptor.h>
#include <quickfix/SocketInitiator.h>

namespace {

std::mutex outputLock;

void say(const std::string& line) {
  std::lock_guard<std::mutex> lock(outputLock);
  std::cout << line << std::endl;
}

class Pipe : public FIX::Application {
 public:
  void onCreate(const FIX::SessionID& id) override { sessions[id.toString()] = id; }
  void onLogon(const FIX::SessionID& id) override { say("logon " + id.toString()); }
  void onLogout(const FIX::SessionID& id) override { say("logout " + id.toString()); }
  void toApp(FIX::Message&, const FIX::SessionID&) throw(FIX::DoNotSend) override {}
  void toAdmin(FIX::Message& m, const FIX::SessionID& id) override {
    if (isReject(m)) tell("out ", id, m);
  }
  void fromAdmin(const FIX::Message& m, const FIX::SessionID& id)
      throw(FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::RejectLogon) override {
    if (isReject(m)) tell("in ", id, m);
  }
  void fromApp(const FIX::Message& m, const FIX::SessionID& id)
      throw(FIX::FieldNotFound, FIX::IncorrectDataFormat, FIX::IncorrectTagValue, FIX::UnsupportedMessageType) override {
    tell("in ", id, m);
  }

  void command(const std::string& line) {
    std::istringstream words(line);
    std::string verb, name, text;
    words >> verb >> name;
    std::getline(words >> std::ws, text);
    auto found = sessions.find(name);
    if (found == sessions.end()) return say("error no session " + name);
    if (verb == "send") {
      send(found->second, text);
    } else if (FIX::Session* session = FIX::Session::lookupSession(found->second)) {
      verb == "logout" ? session->logout() : session->logon();
    }
  }

 private:
  static bool isReject(const FIX::Message& m) { return m.getHeader().getField(35) == "3"; }

  static void tell(const std::string& what, const FIX::SessionID& id, const FIX::Message& m) {
    std::string text = m.toString();
    std::replace(text.begin(), text.end(), '\001', '|');
    say(what + id.toString() + " " + text);
  }

  static void send(const FIX::SessionID& id, const std::string& text) {
    FIX::Message m;
    std::istringstream fields(text);
    for (std::string field; std::getline(fields, field, '|');) {
      const auto equals = field.find('=');
      if (equals == std::string::npos) return say("error no tag=value: " + field);
      const int tag = std::stoi(field.substr(0, equals));
      const std::string value = field.substr(equals + 1);
      tag == 35 ? m.getHeader().setField(tag, value) : m.setField(tag, value);
    }
    FIX::Session::sendToTarget(m, id);
  }

  std::map<std::string, FIX::SessionID> sessions;
};

template <class Engine>
int run(const std::string& file) {
  FIX::SessionSettings settings(file);
  Pipe pipe;
  FIX::MemoryStoreFactory stores;
  Engine engine(pipe, stores, settings);
  engine.start();
  say("ready");
  for (std::string line; std::getline(std::cin, line);) pipe.command(line);
  engine.stop(true);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: peer initiator|acceptor SETTINGS\n";
    return 2;
  }
  try {
    return std::string(argv[1]) == "acceptor" ? run<FIX::SocketAcceptor>(argv[2]) : run<FIX::SocketInitiator>(argv[2]);
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
}
