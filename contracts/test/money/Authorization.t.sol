// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { BaseTest } from "../helpers/BaseTest.sol";
import { IERC20Errors } from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import { ERC3009 } from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

/// @notice A smart-contract wallet (ERC-1271) that accepts every signature.
contract TrustingWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }
}

/// @notice EIP-3009, as USDC has it.
abstract contract AuthorizationBase is BaseTest {
    uint256 internal constant KEY = 0xa11ce;
    bytes32 internal constant NONCE = keccak256("nonce");
    bytes32 internal constant TRANSFER = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 internal constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 internal constant CANCEL = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");

    address internal immutable SIGNER = vm.addr(KEY);

    function setUp() public override {
        super.setUp();
        usd.mint(SIGNER, 100e6);
    }

    function _authorize(bytes32 typeHash, uint256 value) internal view returns (bytes memory) {
        return _signed(keccak256(abi.encode(typeHash, SIGNER, HOLDER, value, START - 1, START + 100, NONCE)));
    }

    function _signed(bytes32 words) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, _digest("Test USD", address(usd), words));
        return abi.encodePacked(r, s, v);
    }

    function _transfer(uint256 value, bytes memory signature) internal {
        usd.transferWithAuthorization(SIGNER, HOLDER, value, START - 1, START + 100, NONCE, signature);
    }

    function _receive(address caller, uint256 value, bytes memory signature) internal {
        vm.prank(caller);
        usd.receiveWithAuthorization(SIGNER, HOLDER, value, START - 1, START + 100, NONCE, signature);
    }
}

contract TransferWithAuthorizationTest is AuthorizationBase {
    /// Every field is signed.
    function test_error_ERC3009InvalidSignature_P31(uint256 value) public {
        vm.assume(value != 40e6);
        bytes memory signature = _authorize(TRANSFER, 40e6);
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector));
        _transfer(value, signature);
    }

    /// An authorization to receive is not one to transfer: anyone could carry it out.
    function test_error_ERC3009InvalidSignature_anotherKind() public {
        bytes memory signature = _authorize(RECEIVE, 40e6);
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector));
        _transfer(40e6, signature);
    }

    function test_error_ERC3009InvalidAuthorizationTime() public {
        bytes memory signature = _authorize(TRANSFER, 40e6);
        uint256[2] memory times = [uint256(START - 1), uint256(START + 100)];
        for (uint256 i; i < times.length; ++i) {
            vm.warp(times[i]);
            vm.expectRevert(
                abi.encodeWithSelector(ERC3009.ERC3009InvalidAuthorizationTime.selector, START - 1, START + 100)
            );
            _transfer(40e6, signature);
        }
    }

    function test_error_ERC3009UsedAuthorization() public {
        bytes memory signature = _authorize(TRANSFER, 40e6);
        _transfer(40e6, signature);
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, SIGNER, NONCE));
        _transfer(40e6, signature);
    }

    function test_default(uint256 value, address relayer) public {
        value = _bound(value, 0, 100e6);
        bytes memory signature = _authorize(TRANSFER, value);
        vm.prank(relayer);
        _transfer(value, signature);
        vm.assertEq(usd.balanceOf(HOLDER), value, "transferred");
        vm.assertTrue(usd.authorizationState(SIGNER, NONCE), "used");
    }

    /// A smart-contract wallet decides by itself (ERC-1271).
    function test_behavior_aSmartContractWallet_P34() public {
        address wallet = address(new TrustingWallet());
        usd.mint(wallet, 1e6);
        usd.transferWithAuthorization(wallet, HOLDER, 1e6, START - 1, START + 1, NONCE, "whatever it likes");
        vm.assertEq(usd.balanceOf(HOLDER), 1e6, "transferred");
    }
}

contract ReceiveWithAuthorizationTest is AuthorizationBase {
    function test_error_ERC20InvalidReceiver(address caller) public {
        vm.assume(caller != HOLDER);
        bytes memory signature = _authorize(RECEIVE, 40e6);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, HOLDER));
        _receive(caller, 40e6, signature);
    }

    function test_default() public {
        _receive(HOLDER, 40e6, _authorize(RECEIVE, 40e6));
        vm.assertEq(usd.balanceOf(HOLDER), 40e6, "received");
    }
}

contract CancelAuthorizationTest is AuthorizationBase {
    function test_error_ERC3009InvalidSignature() public {
        bytes memory signature = _signed(keccak256(abi.encode(CANCEL, SIGNER, keccak256("another nonce"))));
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector));
        usd.cancelAuthorization(SIGNER, NONCE, signature);
    }

    function test_default() public {
        usd.cancelAuthorization(SIGNER, NONCE, _signed(keccak256(abi.encode(CANCEL, SIGNER, NONCE))));
        bytes memory signature = _authorize(TRANSFER, 40e6);
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, SIGNER, NONCE));
        _transfer(40e6, signature);
    }
}
