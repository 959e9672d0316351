{
  "targets": [
    {
      "target_name": "millrace",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake_js",
          "inputs": ["CMakeLists.txt"],
          "outputs": ["build/Release/millrace.node"],
          "action": ["npx", "--no-install", "cmake-js", "compile", "--out", "build"]
        }
      ]
    }
  ]
}
