// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The part of Foundry's cheatcodes that these tests use.
interface Vm {
    function addr(uint256 privateKey) external pure returns (address);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function label(address account, string calldata name) external;
    function prank(address sender) external;
    function chainId(uint256 newChainId) external;
    function etch(address target, bytes calldata code) external;
    function readFile(string calldata path) external view returns (string memory);
    function parseJsonBytes32(string calldata json, string calldata key) external pure returns (bytes32);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonAddress(string calldata json, string calldata key) external pure returns (address);
    function parseJsonBytes32Array(string calldata json, string calldata key) external pure returns (bytes32[] memory);
    function warp(uint256 timestamp) external;
    function prevrandao(bytes32 value) external;
    function roll(uint256 number) external;
    function setBlockhash(uint256 number, bytes32 hash) external;
    function assume(bool condition) external pure;
    function getNonce(address account) external view returns (uint64);
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
    function mockCallRevert(address callee, bytes calldata data, bytes calldata revertData) external;
    function clearMockedCalls() external;
    function expectRevert(bytes calldata revertData) external;
    function expectEmit(address emitter) external;
    function snapshotGasLastCall(string calldata name) external returns (uint256 gasUsed);
    function assertTrue(bool condition, string calldata label_) external pure;
    function assertFalse(bool condition, string calldata label_) external pure;
    function assertEq(uint256 left, uint256 right, string calldata label_) external pure;
    function assertEq(address left, address right, string calldata label_) external pure;
    function assertEq(bytes32 left, bytes32 right, string calldata label_) external pure;
    function assertEq(string calldata left, string calldata right, string calldata label_) external pure;
    function assertLe(uint256 left, uint256 right, string calldata label_) external pure;
}
