// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelShares } from "../../src/interfaces/IModelShares.sol";
import { ModelId } from "../../src/lib/Types.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import {
    ERC20PermitUpgradeable
} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import { Clones } from "@openzeppelin/contracts/proxy/Clones.sol";
import { Strings } from "@openzeppelin/contracts/utils/Strings.sol";

contract InitializeTest is BaseTest {
    function test_error_NotRegistry(address caller) public {
        vm.assume(caller != address(registry));
        ModelShares shares = ModelShares(Clones.clone(sharesImplementation));
        vm.expectRevert(abi.encodeWithSelector(IModelShares.NotRegistry.selector, caller, address(registry)));
        vm.prank(caller);
        shares.initialize(STRANGER);
    }

    function test_default() public {
        ModelShares shares = _shares(_root());
        vm.assertTrue(shares.modelId() == _modelId(1), "model");
        vm.assertEq(shares.name(), "Kinmark model 1 shares", "name");
        vm.assertEq(shares.symbol(), "KIN-1", "symbol");
        vm.assertEq(shares.decimals(), 18, "decimals");
        vm.assertEq(shares.CLOCK_MODE(), "mode=timestamp", "clock mode");
        vm.assertEq(shares.clock(), START, "clock");
    }
}

contract TransferTest is BaseTest {
    /// An account that can never be paid cannot hold shares.
    function test_error_HolderInvalid_P9() public {
        ModelShares shares = _shares(_root());
        vm.expectRevert(abi.encodeWithSelector(IModelShares.HolderInvalid.selector, address(treasury)));
        vm.prank(CREATOR);
        shares.transfer(address(treasury), 1);
        vm.expectRevert(abi.encodeWithSelector(IModelShares.HolderInvalid.selector, address(shares)));
        vm.prank(CREATOR);
        shares.transfer(address(shares), 1);
    }

    function test_default(uint256 value) public {
        value = _bound(value, 0, 1_000_000e18);
        ModelShares shares = _shares(_root());
        vm.prank(CREATOR);
        shares.transfer(HOLDER, value);
        vm.assertEq(shares.balanceOf(HOLDER), value, "received");
        vm.assertEq(shares.balanceOf(CREATOR), 1_000_000e18 - value, "left");
    }
}

/// @notice Signatures name the model's shares and are invalid for other shares.
contract SignatureTest is BaseTest {
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    bytes32 private constant DELEGATION = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");
    uint256 private constant KEY = 0xa11ce;

    address private immutable SIGNER = vm.addr(KEY);

    function test_default_permit(uint256 value) public {
        ModelShares shares = _shares(_root());
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, _permit(shares, 1, value, 0));
        shares.permit(SIGNER, HOLDER, value, START, v, r, s);
        vm.assertEq(shares.allowance(SIGNER, HOLDER), value, "allowed");
        vm.assertEq(shares.nonces(SIGNER), 1, "nonce");
        _refuses(shares, value, _permit(shares, 1, value, 1), v, r, s);
    }

    function test_error_ERC2612InvalidSigner() public {
        (ModelShares one, ModelShares other) = (_shares(_root()), _shares(_root()));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, _permit(one, 1, 1, 0));
        _refuses(other, 1, _permit(other, 2, 1, 0), v, r, s);
    }

    function test_default_delegation() public {
        ModelShares shares = _shares(_root());
        vm.prank(CREATOR);
        shares.transfer(SIGNER, 5e18);
        bytes32 words = keccak256(abi.encode(DELEGATION, HOLDER, 0, START));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, _digest(shares, 1, words));
        vm.prank(STRANGER);
        shares.delegateBySig(HOLDER, 0, START, v, r, s);
        vm.assertEq(shares.getVotes(HOLDER), 5e18, "votes");
        vm.assertEq(shares.delegates(SIGNER), HOLDER, "delegate");
    }

    function _refuses(ModelShares shares, uint256 value, bytes32 expected, uint8 v, bytes32 r, bytes32 s) private {
        address read = ecrecover(expected, v, r, s);
        vm.expectRevert(abi.encodeWithSelector(ERC20PermitUpgradeable.ERC2612InvalidSigner.selector, read, SIGNER));
        shares.permit(SIGNER, HOLDER, value, START, v, r, s);
    }

    function _permit(ModelShares shares, uint256 id, uint256 value, uint256 nonce) private view returns (bytes32) {
        return _digest(shares, id, keccak256(abi.encode(PERMIT, SIGNER, HOLDER, value, nonce, START)));
    }

    /// @dev The EIP-712 domain name of a model's shares.
    function _digest(ModelShares shares, uint256 id, bytes32 words) private view returns (bytes32) {
        return _digest(string.concat("Kinmark model ", Strings.toString(id), " shares"), address(shares), words);
    }
}

contract VotesTest is BaseTest {
    ModelShares private shares;

    function setUp() public override {
        super.setUp();
        shares = _shares(_root());
    }

    /// Golden table: the votes of each account after each step, in thousands of shares.
    function test_golden_P39() public {
        _assertVotes(1000, 0, 0, "the creator has all votes without delegating");

        vm.warp(START + 10);
        vm.prank(CREATOR);
        shares.transfer(HOLDER, 300_000e18);
        _assertVotes(700, 300, 0, "undelegated shares vote for their holder");

        vm.warp(START + 20);
        vm.prank(HOLDER);
        shares.delegate(BUYER);
        _assertVotes(700, 0, 300, "delegated");

        vm.warp(START + 30);
        vm.prank(CREATOR);
        shares.transfer(HOLDER, 100_000e18);
        _assertVotes(600, 0, 400, "later shares follow the delegation");

        vm.warp(START + 40);
        vm.prank(HOLDER);
        shares.delegate(address(0));
        _assertVotes(600, 400, 0, "delegating to zero restores own votes");

        vm.warp(START + 50);
        vm.prank(HOLDER);
        shares.transfer(HOLDER, 400_000e18);
        _assertVotes(600, 400, 0, "a transfer to oneself moves no votes");

        vm.warp(START + 60);
        vm.prank(CREATOR);
        shares.delegate(CREATOR);
        _assertVotes(600, 400, 0, "delegating to oneself changes nothing");

        vm.warp(START + 70);
        vm.prank(HOLDER);
        shares.transfer(CREATOR, 400_000e18);
        _assertVotes(1000, 0, 0, "all returned");

        vm.assertEq(shares.getPastVotes(HOLDER, START + 10), 300_000e18, "past: 10");
        vm.assertEq(shares.getPastVotes(HOLDER, START + 20), 0, "past: 20");
        vm.assertEq(shares.getPastVotes(BUYER, START + 35), 400_000e18, "past: 35");
        vm.assertEq(shares.getPastVotes(HOLDER, START + 45), 400_000e18, "past: 45");
        vm.assertEq(shares.getPastTotalSupply(START + 45), 1_000_000e18, "past supply");
    }

    /// Votes borrowed and returned within one second never count.
    function test_behavior_borrowedVotesDoNotCount_P40() public {
        vm.warp(START + 10);
        vm.prank(CREATOR);
        shares.transfer(HOLDER, 1_000_000e18);
        vm.prank(HOLDER);
        shares.transfer(CREATOR, 1_000_000e18);
        vm.warp(START + 11);
        vm.assertEq(shares.getPastVotes(HOLDER, START + 10), 0, "votes");
    }

    function _assertVotes(uint256 creator, uint256 holder, uint256 buyer, string memory label) private view {
        vm.assertEq(shares.getVotes(CREATOR), creator * 1000e18, string.concat("creator: ", label));
        vm.assertEq(shares.getVotes(HOLDER), holder * 1000e18, string.concat("holder: ", label));
        vm.assertEq(shares.getVotes(BUYER), buyer * 1000e18, string.concat("buyer: ", label));
    }
}
