// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { KeyLedger } from "../../src/court/KeyLedger.sol";
import { Deployer } from "../../src/governance/Deployer.sol";
import { PARAMETERS, Protocol } from "../../src/governance/Protocol.sol";
import { ProtocolTimelock } from "../../src/governance/ProtocolTimelock.sol";
import { IDeployer } from "../../src/interfaces/IDeployer.sol";
import { IProtocol, Parameter } from "../../src/interfaces/IProtocol.sol";
import { EPOCH_LENGTH, defaultParameters } from "../helpers/Defaults.sol";
import { Vm } from "../helpers/Vm.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";

contract DeployerTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    Deployer private deployer = new Deployer(address(this));

    function test_error_NotOwner(address caller) public {
        vm.assume(caller != address(this));
        vm.expectRevert(abi.encodeWithSelector(IDeployer.NotOwner.selector, caller, address(this)));
        vm.prank(caller);
        deployer.create("");
    }

    function test_error_CreationFailed() public {
        uint64[PARAMETERS] memory values = defaultParameters();
        bytes memory code = abi.encodePacked(
            type(Protocol).creationCode, abi.encode(address(this), address(this), address(this), uint64(1), values)
        );
        bytes memory reason = abi.encodeWithSelector(IProtocol.EpochLengthOutOfBounds.selector, 1, 10 minutes, 1 days);
        vm.expectRevert(abi.encodeWithSelector(IDeployer.CreationFailed.selector, reason));
        deployer.create(code);
    }

    function test_default() public {
        for (uint256 nonce = 1; nonce < 4; ++nonce) {
            address created = deployer.create(
                abi.encodePacked(type(KeyLedger).creationCode, abi.encode(address(this), address(this)))
            );
            vm.assertEq(created, vm.computeCreateAddress(address(deployer), nonce), "predicted address");
        }
    }
}

contract TimelockTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant DELAY = 2 days;

    /// A parameter changes only by a proposal and after the delay. Anyone may execute the change.
    function test_default() public {
        vm.warp(1_800_000_000);
        address[] memory governors = new address[](1);
        governors[0] = address(this);
        ProtocolTimelock timelock = new ProtocolTimelock(DELAY, governors, new address[](1));
        Protocol protocol =
            new Protocol(address(timelock), address(this), address(this), EPOCH_LENGTH, defaultParameters());
        bytes memory call = abi.encodeCall(protocol.set, (Parameter.CaseBond, 60e6));
        timelock.schedule(address(protocol), 0, call, 0, 0, DELAY);

        vm.warp(block.timestamp + DELAY - 1);
        (bool early,) =
            address(timelock).call(abi.encodeCall(TimelockController.execute, (address(protocol), 0, call, 0, 0)));
        vm.assertFalse(early, "not before the delay");
        vm.warp(block.timestamp + 1);
        vm.prank(address(0x57));
        timelock.execute(address(protocol), 0, call, 0, 0);
        vm.assertEq(protocol.caseBond(), 50e6, "this epoch keeps its value");
        vm.warp(block.timestamp + EPOCH_LENGTH);
        vm.assertEq(protocol.caseBond(), 60e6, "the new value");
    }
}
